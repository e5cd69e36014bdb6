import type { ExportLine } from "@mycloud/protocol/resource";
import type { ReadDefinition } from "./read-definitions.ts";

/** How an export is written: lines of both forms of a definition, or one JSON object of definitions as files have them or with all fields. */
export type ExportForm = "lines" | "written" | "expanded";

/** Writes an export piece by piece; the pieces in their order are the whole. */
export interface ExportWriter {
  /** What some definitions come to. */
  write(definitions: readonly ReadDefinition[]): string;
  /** What stands at the end. Without it an export is not whole. */
  end(): string;
}

/** Makes a writer that has written nothing. */
export function createExportWriter(form: ExportForm): ExportWriter {
  let count = 0;
  if (form === "lines") {
    return {
      write(definitions) {
        count += definitions.length;
        return definitions.map(lineOf).join("");
      },
      end: () => `${JSON.stringify({ end: { definitions: count } } satisfies ExportLine)}\n`,
    };
  }
  const begin = () => (count === 0 ? '{"resources":[' : "");
  return {
    write(definitions) {
      const texts = definitions.map(({ definition, written }) =>
        JSON.stringify(form === "expanded" ? definition : (written ?? definition)),
      );
      const text = `${begin()}${count > 0 && texts.length > 0 ? "," : ""}${texts.join(",")}`;
      count += texts.length;
      return texts.length === 0 ? "" : text;
    },
    end: () => `${begin()}]}`,
  };
}

function lineOf({ definition, written }: ReadDefinition): string {
  const line: ExportLine = written === null ? { definition } : { definition, written };
  return `${JSON.stringify(line)}\n`;
}
