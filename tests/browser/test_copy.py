"""A table is copied and pasted as a table: by the browser's clipboard, and where that is refused (plain http) by its
copy command."""

from browser.steps import at, main, shown

READ = """async () => {
  const [item] = await navigator.clipboard.read();
  const said = async type => await (await item.getType(type)).text();
  return [await said("text/html"), await said("text/plain")];
}"""
REFUSED = ("undefined", "{write: () => Promise.reject(new Error('no'))}")
PASTED = """() => {
  const target = document.body.appendChild(document.createElement("div"));
  target.contentEditable = "true"; target.id = "target";
  target.style.cssText = "position:fixed;inset:0;z-index:99999999;background:white";
  target.focus();
}"""


def copied(screen):
    main(screen).get_by_role("button", name="Export").first.click()
    screen.get_by_role("button", name="Copy", exact=True).click()
    screen.get_by_text("Copied.").wait_for()
    screen.keyboard.press("Escape")
    screen.get_by_text("Copied.").wait_for(state="hidden")


def test_the_clipboard_holds_the_table_as_html_and_as_text_and_without_it_a_table_is_pasted_too(address, screen):
    screen.context.grant_permissions(["clipboard-read", "clipboard-write"])
    screen.goto(f"{address}/baseline")
    at(screen, "Table 1")
    shown(screen)
    copied(screen)
    html, text = screen.evaluate(READ)
    assert "<table" in html and "Patient characteristics" in html
    assert "57.5 (53.0–62.2)" in html and "Synthetic data" in html
    rows = [line.split("\t") for line in text.splitlines()]
    assert rows[0][:2] == ["Characteristic", "Total (n = 16)"] and ["Sex", "", "", ""] in rows
    for clipboard in REFUSED:
        screen.evaluate("navigator.clipboard.writeText('nothing')")
        screen.evaluate(f"Object.defineProperty(navigator, 'clipboard', {{value: {clipboard}, configurable: true}})")
        copied(screen)
        screen.evaluate("delete navigator.clipboard")
        screen.evaluate(PASTED)
        screen.keyboard.press("Control+V")
        cells = screen.locator("#target table tr").nth(1).locator("th, td").all_inner_texts()
        assert cells == ["Age, years", "57.5 (53.0–62.2)", "59.0 (55.2–63.2)", "56.0 (52.0–59.8)"]
        screen.evaluate("document.getElementById('target').remove()")
