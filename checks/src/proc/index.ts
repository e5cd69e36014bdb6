// What the kernel tells under /proc and /sys, read from a root that tests replace; see README.md.
export * from "./mounts.ts";
export * from "./network-interfaces.ts";
