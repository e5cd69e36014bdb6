// What a backup policy's rules would leave out, while it is being written: asked of a machine's own agent, which counts on its disks. Nothing is stored.
export * from "./routes.ts";
