/** What a walk found, as a snapshot's summary counts it. */
export interface WalkFigures {
  filesNew: number;
  filesChanged: number;
  filesUnmodified: number;
  dirsNew: number;
  dirsChanged: number;
  dirsUnmodified: number;
  /** Regular files, and the bytes of all of them. */
  files: number;
  bytes: number;
  excluded: number;
  sockets: number;
}

/** Nothing yet. */
export function noFigures(): WalkFigures {
  return {
    filesNew: 0,
    filesChanged: 0,
    filesUnmodified: 0,
    dirsNew: 0,
    dirsChanged: 0,
    dirsUnmodified: 0,
    files: 0,
    bytes: 0,
    excluded: 0,
    sockets: 0,
  };
}
