import AccountIcon from "@mui/icons-material/AccountCircleOutlined";
import IconButton from "@mui/material/IconButton";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import { useState } from "react";
import { useGetIdentity, useLogout, usePermissions, useTheme } from "react-admin";
import { Link } from "react-router-dom";
import type { Asker } from "../providers/access.ts";

/** Who is signed in, the choice of theme, and the way out. */
export function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const { identity } = useGetIdentity();
  const { permissions } = usePermissions<Asker>();
  const logout = useLogout();
  const [theme, setTheme] = useTheme();
  const next = theme === "dark" ? "light" : "dark";
  const close = () => setAnchor(null);
  return (
    <>
      <IconButton
        size="small"
        aria-label="Account"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <AccountIcon />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        <MenuItem disabled dense>
          {identity?.fullName ?? "Signed in"} · {permissions?.role ?? ""}
          {permissions?.customer ? ` of ${permissions.customer}` : ""}
        </MenuItem>
        <MenuItem component={Link} to="/account" onClick={close}>
          My account
        </MenuItem>
        <MenuItem component={Link} to="/organisation" onClick={close}>
          My organisation
        </MenuItem>
        <MenuItem
          onClick={() => {
            setTheme(next);
            close();
          }}
        >
          Use the {next} theme
        </MenuItem>
        <MenuItem
          onClick={() => {
            close();
            onHelp();
          }}
        >
          Keyboard shortcuts
        </MenuItem>
        <MenuItem onClick={() => logout()}>Sign out</MenuItem>
      </Menu>
    </>
  );
}
