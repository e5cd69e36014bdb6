// How a backup differs from the one before it, in figures that tell an attack from work.
export * from "./change-shape.ts";
