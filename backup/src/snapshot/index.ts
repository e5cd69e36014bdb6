// A snapshot is the state of some paths at one time: a small file that names a tree. This folder has its form, its order and its
// selection; it reads no repository by itself, so that the control plane can use it too.
export * from "./snapshot.ts";
