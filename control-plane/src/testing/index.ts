/** For tests only: a whole control plane in the test's process. */

export { newestLink, waitingMails } from "./account-mails.ts";
export { type SteppedApp, startSteppedApp } from "./stepped-app.ts";
export { adminPassword, startTestApp, type TestApp, type TestAppOptions } from "./test-app.ts";
