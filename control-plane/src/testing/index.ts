/** For tests only: a whole control plane in the test's process. */
export { adminPassword, startTestApp, type TestApp, type TestAppOptions } from "./test-app.ts";
