import { useState } from "react";

const texts = { no: "Copy", yes: "Copied", failed: "Select it by a click" } as const;

/** Copies a text, and says on its button how that went. */
export function useCopy(text: string) {
  const [copied, setCopied] = useState<keyof typeof texts>("no");
  async function onCopy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied("yes");
    } catch {
      // Without https the browser gives no clipboard: the text is selected as a whole by one click.
      setCopied("failed");
    }
  }
  return { onCopy, label: texts[copied], hasFailed: copied === "failed" };
}
