// The kernel's clock as NTP steers it. It is in no file of /proc or /sys: adjtimex(2) tells it, through koffi, as the calls of
// filesystem/ go. Here, since this workspace is the one that has koffi.
export * from "./read-kernel-clock.ts";
