/** The state directory: what the control plane keeps on disk, and the promise that one instance at a time does so. */
export { openStateDirectory, type StateDirectory } from "./open-state-directory.ts";
