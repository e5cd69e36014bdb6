// A fault point is a named place in the program, right before or after something becomes durable, where a test can make it die or find
// the disk full: `MYCLOUD_FAULT_POINT=durable-file/renamed:3` kills the process (SIGKILL) the third time it gets there,
// `...:3:enospc` throws there as a full disk does. Without the variable a point costs one comparison.
export * from "./fault-points.ts";
export * from "./reach-fault-point.ts";
