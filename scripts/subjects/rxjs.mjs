// The rxjs backend as the conformance suite's command line takes it. A known failure needs a reason.
import { rxjsBackend } from "@anywhen/rxjs";

export default { name: "rxjs", create: () => rxjsBackend(), knownFailures: {} };
