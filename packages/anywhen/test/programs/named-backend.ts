import { currentBackend, run } from "anywhen";
import { say } from "./say.ts";

// The backend comes from ANYWHEN_BACKEND, if that is set.
try {
  say(`ran on ${await run(() => currentBackend().name)}`);
} catch (error) {
  const { name, code, message } = error as Error & { code?: string };
  say(`${name} ${code} ${message}`);
}
