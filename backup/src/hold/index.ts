// A hold keeps a snapshot from being forgotten, with a reason and an end: the file `holds/<snapshot id>`, plain JSON, so that a storage
// server can enforce it without keys. Other programs do not know the folder and pass over it.
export * from "./hold.ts";
export * from "./store.ts";
