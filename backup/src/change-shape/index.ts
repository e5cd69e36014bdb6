// The shape of a change from one snapshot to the next: how many files came, went and changed, and which of them look scrambled now. What could be
// compressed before and cannot be now is told by the index alone; the first bytes of those files say whether they became another form or noise.
export * from "./content-form.ts";
export * from "./measure-change.ts";
