/** What a stranger may put into names and outputs. None of it may be run or break a page. */
export const hostileText = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script> "'; DROP TABLE host; -- \u202Eevil\u202C ${"long".repeat(60)}`;
