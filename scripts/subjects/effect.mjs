// The effect backend as the conformance suite's command line takes it. A known failure needs a reason.
import { effectBackend } from "@anywhen/effect";

export default { name: "effect", create: () => effectBackend(), knownFailures: {} };
