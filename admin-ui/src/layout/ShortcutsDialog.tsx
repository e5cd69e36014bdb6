import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import { useShownNavigation } from "./useShownNavigation.ts";

const others: readonly (readonly [string[], string])[] = [
  [["/"], "Find a host or service"],
  [["?"], "Show this list"],
  [["Esc"], "Close"],
];

/** The list of keyboard shortcuts. */
export function ShortcutsDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const goes = useShownNavigation().flatMap(({ items }) =>
    items.flatMap((item): [string[], string][] => (item.keys ? [[["g", item.keys], item.text]] : [])),
  );
  return (
    <Dialog open={isOpen} onClose={onClose} aria-labelledby="shortcuts-title" maxWidth="xs" fullWidth>
      <DialogTitle id="shortcuts-title">Keyboard</DialogTitle>
      <DialogContent>
        <dl className="facts">
          {[...others, ...goes].map(([keys, text]) => (
            <div key={text} style={{ display: "contents" }}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key} className="keycap" style={{ marginRight: 4 }}>
                    {key}
                  </kbd>
                ))}
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
      </DialogContent>
      <DialogActions>
        <Button autoFocus onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  );
}
