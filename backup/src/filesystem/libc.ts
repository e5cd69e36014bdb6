import { createRequire } from "node:module";

/** Arguments by C type: `int`, `long`, `size_t` and `off_t` are numbers, pointers are buffers (a path ends in NUL), `dev_t` is a bigint. */
export interface LibcCalls {
  statx(directory: number, path: Buffer | string, flags: number, mask: number, result: Buffer): number;
  utimensat(directory: number, path: Buffer | string, times: Buffer, flags: number): number;
  futimens(fd: number, times: Buffer): number;
  mknodat(directory: number, path: Buffer | string, mode: number, device: bigint): number;
  listxattr(path: Buffer | string, list: Buffer | null, size: number): number;
  llistxattr(path: Buffer | string, list: Buffer | null, size: number): number;
  flistxattr(fd: number, list: Buffer | null, size: number): number;
  getxattr(path: Buffer | string, name: Buffer | string, value: Buffer | null, size: number): number;
  lgetxattr(path: Buffer | string, name: Buffer | string, value: Buffer | null, size: number): number;
  setxattr(path: string, name: Buffer | string, value: Buffer, size: number, flags: number): number;
  removexattr(path: string, name: Buffer | string): number;
  lseek(fd: number, offset: number, whence: number): number;
  ioctl(fd: number, request: number, argument: Buffer): number;
  getpwuid_r(uid: number, entry: Buffer, strings: Buffer, size: number, found: Buffer): number;
  getpwnam_r(name: Buffer, entry: Buffer, strings: Buffer, size: number, found: Buffer): number;
  getgrgid_r(gid: number, entry: Buffer, strings: Buffer, size: number, found: Buffer): number;
  getgrnam_r(name: Buffer, entry: Buffer, strings: Buffer, size: number, found: Buffer): number;
}

export type Libc =
  | {
      readonly isAvailable: true;
      readonly calls: LibcCalls;
      /** Of the last call of this thread; ask at once. */
      readonly errno: () => number;
      /** The text that a pointer points at, up to its NUL. */
      readonly textAt: (pointer: bigint) => string;
    }
  | { readonly isAvailable: false; readonly reason: string };

const prototypes: Record<keyof LibcCalls, string> = {
  statx: "int statx(int, const void *, int, unsigned int, void *)",
  utimensat: "int utimensat(int, const void *, const void *, int)",
  futimens: "int futimens(int, const void *)",
  mknodat: "int mknodat(int, const void *, unsigned int, uint64_t)",
  listxattr: "int64_t listxattr(const void *, void *, size_t)",
  llistxattr: "int64_t llistxattr(const void *, void *, size_t)",
  flistxattr: "int64_t flistxattr(int, void *, size_t)",
  getxattr: "int64_t getxattr(const void *, const void *, void *, size_t)",
  lgetxattr: "int64_t lgetxattr(const void *, const void *, void *, size_t)",
  setxattr: "int setxattr(const char *, const void *, const void *, size_t, int)",
  removexattr: "int removexattr(const char *, const void *)",
  lseek: "int64_t lseek(int, int64_t, int)",
  ioctl: "int ioctl(int, unsigned long, void *)",
  getpwuid_r: "int getpwuid_r(unsigned int, void *, void *, size_t, void *)",
  getpwnam_r: "int getpwnam_r(const void *, void *, void *, size_t, void *)",
  getgrgid_r: "int getgrgid_r(unsigned int, void *, void *, size_t, void *)",
  getgrnam_r: "int getgrnam_r(const void *, void *, void *, size_t, void *)",
};

let loaded: Libc | undefined;

/**
 * libc through koffi, loaded at the first call in each thread (about 15 ms; a call then costs 0.2 us and its system call). Not available
 * where koffi has no binary for the platform, or libc is too old for one of the calls; nothing throws then.
 */
export function loadLibc(): Libc {
  loaded ??= load();
  return loaded;
}

function load(): Libc {
  try {
    const koffi: typeof import("koffi") = createRequire(import.meta.url)("koffi");
    const library = koffi.load(null);
    const calls: LibcCalls = {
      statx: library.func(prototypes.statx),
      utimensat: library.func(prototypes.utimensat),
      futimens: library.func(prototypes.futimens),
      mknodat: library.func(prototypes.mknodat),
      listxattr: library.func(prototypes.listxattr),
      llistxattr: library.func(prototypes.llistxattr),
      flistxattr: library.func(prototypes.flistxattr),
      getxattr: library.func(prototypes.getxattr),
      lgetxattr: library.func(prototypes.lgetxattr),
      setxattr: library.func(prototypes.setxattr),
      removexattr: library.func(prototypes.removexattr),
      lseek: library.func(prototypes.lseek),
      ioctl: library.func(prototypes.ioctl),
      getpwuid_r: library.func(prototypes.getpwuid_r),
      getpwnam_r: library.func(prototypes.getpwnam_r),
      getgrgid_r: library.func(prototypes.getgrgid_r),
      getgrnam_r: library.func(prototypes.getgrnam_r),
    };
    return {
      isAvailable: true,
      calls,
      errno: () => koffi.errno(),
      textAt: (pointer) => koffi.decode(pointer, "char", -1),
    };
  } catch (error) {
    return { isAvailable: false, reason: `libc cannot be called: ${error instanceof Error ? error.message : error}` };
  }
}
