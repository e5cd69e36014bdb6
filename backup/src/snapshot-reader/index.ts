// A process that looks into repositories (snapshot-view) for another one, so that neither the work, nor its memory, nor a crash is the other's: the
// control plane reads managed repositories by it, an agent its host's private ones. Questions, answers and the bytes of bodies go over the channel
// between the two, at the pace at which whoever asked reads them; so does what opens a repository, which is nowhere else. The process takes no locks
// and writes nothing but a bounded cache of what is stored, encrypted as it is.
//
// Memory of the process: a heap of at most 1 GiB; beside it, 64 bytes for each blob of an open repository (8 at once at most, the least lately used
// closed first), and for each body under way what is read ahead, 2 MiB or one blob (at most 8 MiB), and 1 MiB on its way.
export * from "./create-snapshot-reader.ts";
