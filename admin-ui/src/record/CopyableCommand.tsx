import CopyIcon from "@mui/icons-material/ContentCopyOutlined";
import Button from "@mui/material/Button";
import { useCopy } from "./useCopy.ts";

/** A command or secret to take away, with a button that copies it. */
export function CopyableCommand({ text, label }: { text: string; label: string }) {
  const copy = useCopy(text);
  return (
    <div className="command">
      <span className="visually-hidden">{label}</span>
      <code>{text}</code>
      <Button variant="outlined" startIcon={<CopyIcon />} onClick={copy.onCopy}>
        {copy.label}
      </Button>
    </div>
  );
}
