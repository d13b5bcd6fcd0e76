"""JupyterLab's page as a person uses it: menus, cells, the editor; nothing here knows the kit."""

import re

from playwright.sync_api import expect

# Keeps each text that an element shows from now on.
WATCH = """element => {
    element.seen = [];
    const keep = () => element.seen.push(element.textContent);
    new MutationObserver(keep).observe(
        element, {childList: true, subtree: true, characterData: true}
    );
}"""
DONE = re.compile(r"\[\d+\]:")


class Lab:
    """One page of JupyterLab; every wait is for something that can be seen."""

    def __init__(self, page, pictures):
        """Take over a page; screenshots go into the folder `pictures`, numbered."""
        self.page, self.pictures, self.taken = page, pictures, 0

    def open(self, address):
        """Go to an address and wait until the notebook there has a kernel that is ready."""
        self.page.goto(address)
        expect(self.page.locator(".jp-NotebookPanel-notebook")).to_be_visible()
        ready = self.page.locator("#jp-main-statusbar").get_by_text(re.compile(r"\| Idle$"))
        expect(ready).to_be_visible(timeout=60_000)

    def picture(self, name):
        """Keep a screenshot."""
        self.taken += 1
        self.page.screenshot(path=self.pictures / f"{self.taken:02}-{name}.png")

    def menu(self, *words):
        """Choose from the menu bar: `menu("Run", "Run All Cells")`."""
        bar = self.page.locator("#jp-MainMenu .lm-MenuBar-item")
        bar.filter(has_text=re.compile(f"^{words[0]}$")).click()
        for word in words[1:]:
            label = self.page.locator(".lm-Menu-itemLabel")
            label.filter(has_text=re.compile(f"^{re.escape(word)}$")).last.click()

    def show(self, tab):
        """Bring the tab of that name to the front."""
        self.page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text=tab).click()

    def cell(self, text):
        """The cell whose source or output shows a text."""
        return self.page.locator(".jp-NotebookPanel-notebook .jp-Cell", has_text=text).first

    def select(self, cell):
        """Make a cell the current one, as a click on its left margin does."""
        cell.scroll_into_view_if_needed()
        cell.locator(".jp-InputPrompt").first.click()

    def begin(self, cell):
        """Start a code cell by the keyboard; returns at once."""
        self.select(cell)
        self.page.keyboard.press("Control+Enter")

    def run(self, cell):
        """Run a code cell and wait for its end."""
        before = self.number(cell)
        self.begin(cell)
        expect(self.prompt(cell)).not_to_have_text(before)
        self.finished(cell)

    def finished(self, cell):
        """Wait until a cell that was started has ended."""
        expect(self.prompt(cell)).to_have_text(DONE)

    def prompt(self, cell):
        """The brackets left of a code cell."""
        return cell.locator(".jp-InputArea-prompt").first

    def number(self, cell):
        """What stands in the brackets now."""
        return self.prompt(cell).inner_text()

    def output(self, cell):
        """What stands below a code cell."""
        return cell.locator(".jp-Cell-outputArea")

    def progress(self, cell):
        """Keep all that a cell's output shows from now on; returns a function that tells it."""
        output = self.output(cell)
        output.evaluate(WATCH)
        return lambda: "\n".join(output.evaluate("element => element.seen"))

    def new_cell_below(self, cell, text):
        """Add a code cell below another one, as the keys B and Enter do, and type into it."""
        self.select(cell)
        self.page.keyboard.press("b")
        self.page.keyboard.press("Enter")
        self.page.keyboard.insert_text(text)
        return self.cell(text)

    def lines(self):
        """The lines of the file that is open in the editor, as far as they are on the screen."""
        return self.page.locator(".jp-FileEditor:visible .cm-line")

    def replace_line(self, line, text):
        """Put a text in the place of a line, as pasting over it does."""
        line.click()
        self.page.keyboard.press("Home")
        self.page.keyboard.press("Home")  # the first stops at the indentation
        self.page.keyboard.press("Shift+End")
        self.page.keyboard.insert_text(text)

    def save(self):
        """Save what is in front, and wait until its tab no longer shows a dot."""
        self.page.keyboard.press("Control+s")
        dirty = self.page.locator("#jp-main-dock-panel .lm-TabBar-tab.jp-mod-current.jp-mod-dirty")
        expect(dirty).to_have_count(0)
