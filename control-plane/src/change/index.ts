// Changes: how one part of the control plane, or one of several control planes, learns that another committed something.
export * from "./change-bus.ts";
