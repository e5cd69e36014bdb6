// What clients delete is moved to a trash beside the repository and deleted for good after a grace period of the server's running time.
// The time it came is part of a file's name there, so that moving is one rename and nothing else has to be kept.
export * from "./trash.ts";
