// A storage server in the test's own process, and a client that sends exactly what it is told.
export * from "./start-test-server.ts";
