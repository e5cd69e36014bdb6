/** What `program_version` of our snapshots begins with, whatever else the caller puts there. */
export const programName = "mycloud";
