// Prints the closing line `N passed, N failed, N skipped` of the last test run.
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync("reports/vitest.json", "utf8"));

// A file that fails to load has no failed test in it, but it is a failure all the same.
const brokenFiles = report.testResults.filter(
  (file) =>
    file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
).length;

const failed = report.numFailedTests + brokenFiles;
const skipped = report.numPendingTests + report.numTodoTests;
console.log(`${report.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
