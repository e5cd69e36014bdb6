import PreviousIcon from "@mui/icons-material/ChevronLeft";
import NextIcon from "@mui/icons-material/ChevronRight";
import IconButton from "@mui/material/IconButton";

interface FolderPagerProps {
  readonly offset: number;
  readonly limit: number;
  readonly total: number;
  readonly onOffset: (offset: number) => void;
}

/** Where in a long folder this page is. */
export function FolderPager({ offset, limit, total, onOffset }: FolderPagerProps) {
  const last = Math.min(offset + limit, total);
  return (
    <nav className="pager" aria-label="Pages of the folder">
      <span role="status">
        {total === 0 ? "0" : `${(offset + 1).toLocaleString("en")}–${last.toLocaleString("en")}`} of{" "}
        {total.toLocaleString("en")}
      </span>
      {total > limit ? (
        <span className="end">
          <IconButton
            size="small"
            aria-label="Previous page"
            disabled={offset === 0}
            onClick={() => onOffset(Math.max(0, offset - limit))}
          >
            <PreviousIcon />
          </IconButton>
          <IconButton
            size="small"
            aria-label="Next page"
            disabled={last >= total}
            onClick={() => onOffset(offset + limit)}
          >
            <NextIcon />
          </IconButton>
        </span>
      ) : null}
    </nav>
  );
}
