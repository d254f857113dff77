declare const ANYWHEN_SUITE_VERSION: string | undefined;

/** The version of this suite, which the build fills in; "source" where the suite runs unbuilt. */
export const suiteVersion: string =
  typeof ANYWHEN_SUITE_VERSION === "string" ? ANYWHEN_SUITE_VERSION : "source";
