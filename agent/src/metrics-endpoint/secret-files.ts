import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

/** A file whose content is read again when it changes. */
interface ChangingFile {
  /** The content; the last one that could be read when it cannot be any more. */
  read(): string;
}

/** Reads the file now. Throws what the file system says, then or never. */
function createChangingFile(path: string, onFault: (fault: string) => void): ChangingFile {
  let content = readFileSync(path, "utf8");
  let version = versionOf(path);
  let isFaulty = false;
  return {
    read() {
      try {
        const next = versionOf(path);
        if (next !== version) {
          content = readFileSync(path, "utf8");
          version = next;
        }
        isFaulty = false;
      } catch (error) {
        if (!isFaulty) onFault(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
        isFaulty = true;
      }
      return content;
    },
  };
}

function versionOf(path: string): string {
  const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [ino, size, mtimeNs, ctimeNs].join(" ");
}

const shortestToken = 8;

/**
 * Tells whether a token is one of those in a file, a token a line: two of them while one replaces the other. Looks at every one in
 * time that does not depend on how much of it is right. Throws when the file cannot be read or has no token.
 */
export function createTokenCheck(path: string, onFault: (fault: string) => void): (token: string) => boolean {
  const file = createChangingFile(path, onFault);
  let content: string | undefined;
  let digests: readonly Buffer[] = [];

  function refresh(): void {
    const next = file.read();
    if (next === content) return;
    content = next;
    digests = next
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line.length >= shortestToken)
      .map(digest);
    if (digests.length === 0) onFault(`${path} has no token of at least ${shortestToken} characters`);
  }

  refresh();
  if (digests.length === 0) throw new Error(`${path} has no token of at least ${shortestToken} characters`);
  return (token) => {
    refresh();
    const given = digest(token);
    // Every one is compared, also after one was right.
    return digests.reduce((isKnown, known) => timingSafeEqual(known, given) || isKnown, false);
  };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Reads them now, and tells them anew when one of the files has changed. Throws when one cannot be read. */
export function createCertificateSource(
  paths: { readonly certificateFile: string; readonly keyFile: string },
  onFault: (fault: string) => void,
): { readonly first: Certificate; changed(): Certificate | undefined } {
  const cert = createChangingFile(paths.certificateFile, onFault);
  const key = createChangingFile(paths.keyFile, onFault);
  let known = { cert: cert.read(), key: key.read() };
  return {
    first: known,
    changed() {
      const next = { cert: cert.read(), key: key.read() };
      if (next.cert === known.cert && next.key === known.key) return undefined;
      known = next;
      return next;
    },
  };
}
