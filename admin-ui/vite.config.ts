import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `--mode stories` builds the story page on the fake providers instead of the console.
export default defineConfig(({ mode }) => ({
  plugins: [react()],
  // The built files are served by the control plane; nothing is fetched from elsewhere.
  base: "/",
  server: { host: "127.0.0.1", proxy: { "/api": "http://127.0.0.1:8080" } },
  build: {
    target: "es2023",
    outDir: mode === "stories" ? "dist-stories" : "dist",
    emptyOutDir: true,
    // Inlined assets would be data: URLs, which the content security policy allows for images only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: mode === "stories" ? "stories.html" : "index.html" },
  },
}));
