// The promise backend as the conformance suite's command line takes it. A known failure needs a reason.
import { promiseBackend } from "@anywhen/promise";

export default { name: "promise", create: () => promiseBackend(), knownFailures: {} };
