/** What a browser may show by itself: it runs nothing in these. Everything else is only ever saved. */
const shown = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
} as const satisfies Record<string, string>;

const texts = new Set(
  `txt text log md csv tsv conf cfg cnf ini yaml yml toml json properties env sql diff patch
  sh bash py pl rb php c h cc cpp go rs java js ts css service timer list`.split(/\s+/),
);

export interface MediaType {
  readonly type: string;
  readonly mayBeShown: boolean;
}

/** The media type of a file by its name. Text of any kind is plain text, so that no browser takes it for a program or a page. Pure. */
export function mediaTypeOf(fileName: string): MediaType {
  const ending = /\.([^.]+)$/.exec(fileName.toLowerCase())?.[1] ?? "";
  const image: string | undefined = Object.hasOwn(shown, ending) ? shown[ending as keyof typeof shown] : undefined;
  if (image !== undefined) return { type: image, mayBeShown: true };
  if (texts.has(ending)) return { type: "text/plain; charset=utf-8", mayBeShown: true };
  return { type: "application/octet-stream", mayBeShown: false };
}
