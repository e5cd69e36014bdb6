// What can go wrong with a repository, independent of where it lies and of how a person is told. Each class has a stable `code`;
// `isRetryable` says whether the same again later can succeed.
export * from "./backup-error.ts";
