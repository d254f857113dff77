import { describe, it } from "vitest";
import { register } from "../src/index.ts";
import { messageChannelBackend } from "./message-channel-backend.ts";

register({ describe, it }, { name: "message-channel", create: () => messageChannelBackend() });
