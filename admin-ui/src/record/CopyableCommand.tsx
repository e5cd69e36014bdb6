import CopyIcon from "@mui/icons-material/ContentCopyOutlined";
import Button from "@mui/material/Button";
import { useState } from "react";

/** A command or secret to take away, with a button that copies it. */
export function CopyableCommand({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");
  async function onCopy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied("yes");
    } catch {
      // Without https the browser gives no clipboard: the text is selected as a whole by one click.
      setCopied("failed");
    }
  }
  return (
    <div className="command">
      <span className="visually-hidden">{label}</span>
      <code>{text}</code>
      <Button variant="outlined" startIcon={<CopyIcon />} onClick={onCopy}>
        {copied === "yes" ? "Copied" : copied === "failed" ? "Select it by a click" : "Copy"}
      </Button>
    </div>
  );
}
