// What an administrator does on the storage server's own machine, on its state directory, while the server runs or not.
export { listRepositories, type RepositoryStatus, readStorageStatus } from "./administration.ts";
export * from "./trash-administration.ts";
