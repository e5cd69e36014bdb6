// How much there is: what a restore would write, how much of it is different, and what it takes in the repository. The modes and what
// they count are restic's.

export * from "./count-statistics.ts";
export * from "./statistics.ts";
