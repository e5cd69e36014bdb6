import { closeSync, fstatSync } from "node:fs";

/** A file that may hold a descriptor, which can be taken from it at any time but while it is being read. */
export interface Openable {
  descriptor: number | null;
  isBusy: boolean;
}

/** Bounds how many files are open: the one that was used the longest ago is closed for another, unless it is deleted. */
export interface OpenFiles {
  /** To be called whenever a file's descriptor was set or used. */
  used(file: Openable): void;
  close(file: Openable): void;
}

/** Makes the bound. */
export function createOpenFiles(maximum: number): OpenFiles {
  // In the order of use: a Set keeps the order in which its members came.
  const open = new Set<Openable>();

  function close(file: Openable): void {
    open.delete(file);
    if (file.descriptor !== null) closeSync(file.descriptor);
    file.descriptor = null;
  }

  /** What is in it can be read through this descriptor only. */
  const isDeleted = ({ descriptor }: Openable) => descriptor !== null && fstatSync(descriptor).nlink === 0;

  return {
    close,
    used(file) {
      open.delete(file);
      open.add(file);
      if (open.size <= maximum) return;
      for (const oldest of open) {
        if (oldest === file || oldest.isBusy || isDeleted(oldest)) continue;
        close(oldest);
        return;
      }
    },
  };
}
