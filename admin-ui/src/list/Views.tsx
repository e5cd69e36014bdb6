import SaveIcon from "@mui/icons-material/BookmarkAddOutlined";
import RemoveIcon from "@mui/icons-material/CloseOutlined";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import IconButton from "@mui/material/IconButton";
import TextField from "@mui/material/TextField";
import { type FormEvent, useState } from "react";
import { useListContext, useSavedQueries } from "react-admin";
import { StateIcon } from "../state/StateIcon.tsx";
import { isSameFilter, type ListView } from "./list-view.ts";

/** The list's own views and those that this person saved, as buttons. */
export function Views({ views }: { views: readonly ListView[] }) {
  const { resource, filterValues, sort, perPage, displayedFilters, setFilters, setSort } = useListContext();
  const [saved, setSaved] = useSavedQueries(resource);
  const [isSaving, setSaving] = useState(false);
  const isKnown =
    views.some((view) => isSameFilter(view.filter, filterValues)) ||
    saved.some((query) => isSameFilter(query.value.filter, filterValues));

  function onSave(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const label = String(new FormData(event.currentTarget).get("name")).trim();
    if (label === "") return;
    const value = { filter: filterValues, sort, perPage, displayedFilters };
    setSaved([...saved.filter((query) => query.label !== label), { label, value }]);
    setSaving(false);
  }

  return (
    <fieldset className="views" style={{ border: 0, margin: 0, padding: 0 }} aria-label="Views">
      {views.map((view) => (
        <button
          key={view.name}
          type="button"
          className="view"
          aria-pressed={isSameFilter(view.filter, filterValues)}
          onClick={() => setFilters({ ...view.filter })}
        >
          {view.state ? <StateIcon state={view.state} size={13} /> : null}
          {view.name}
        </button>
      ))}
      {saved.map((query) => (
        <span key={query.label}>
          <button
            type="button"
            className="view"
            aria-pressed={isSameFilter(query.value.filter, filterValues)}
            onClick={() => {
              setFilters(query.value.filter);
              if (query.value.sort) setSort(query.value.sort);
            }}
          >
            {query.label}
          </button>
          <IconButton
            size="small"
            aria-label={`Remove the view ${query.label}`}
            onClick={() => setSaved(saved.filter((each) => each.label !== query.label))}
          >
            <RemoveIcon sx={{ fontSize: 14 }} />
          </IconButton>
        </span>
      ))}
      {isKnown ? null : (
        <Button startIcon={<SaveIcon />} onClick={() => setSaving(true)}>
          Save this view
        </Button>
      )}
      <Dialog open={isSaving} onClose={() => setSaving(false)} aria-labelledby="save-view" maxWidth="xs" fullWidth>
        <form onSubmit={onSave}>
          <DialogTitle id="save-view">Save this view</DialogTitle>
          <DialogContent>
            <TextField name="name" label="Name" autoFocus required slotProps={{ htmlInput: { maxLength: 40 } }} />
          </DialogContent>
          <DialogActions>
            <Button onClick={() => setSaving(false)}>Cancel</Button>
            <Button type="submit" variant="contained">
              Save
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </fieldset>
  );
}
