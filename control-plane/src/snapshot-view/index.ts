// Looking into snapshots, for those who may: folders, files, archives, search, history, differences. A managed repository is read by a process of this
// machine with a short-lived token that can only read; a private one by the agent of its own host, which alone has the password.
export type { AskRepository, ViewAnswer } from "./ask-repository.ts";
export { createSnapshotViews, type SnapshotViews } from "./create-snapshot-views.ts";
