import { installBackends } from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { loadBackend } from "./load-backend.ts";

installBackends(promiseBackend(), loadBackend);
