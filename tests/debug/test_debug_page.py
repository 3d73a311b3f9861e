"""The debug log's page in a real browser: headless Chromium."""

import asyncio
import os
import shutil

import pytest
from board_fakes import VOICE
from debug_stage import CALLS, HOSTILE, TOKEN
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
SECONDS = 30  # that something may take to appear


@pytest.fixture(scope="module")
def chromium():
    if not (CHROMIUM and DRIVER):
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("chromium and chromedriver are required and not installed")
        pytest.skip("no chromium and chromedriver here: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    # --no-sandbox: root, as in a container, has no other way
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


class Reader:
    """Somebody who looks at the page."""

    def __init__(self, driver, url):
        self.driver, self.url = driver, url
        driver.get_log("browser")
        driver.delete_all_cookies()
        self.size(1180, 820)

    def size(self, width, height, scheme="light"):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def sign_in(self, path="/debug", token=TOKEN):
        self.driver.get(self.url + path)
        self.find("#token").send_keys(token + "\n")

    def find(self, selector):
        wait = WebDriverWait(self.driver, SECONDS)
        return wait.until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector))

    def all(self, selector):
        return [one.text for one in self.driver.find_elements(By.CSS_SELECTOR, selector)]

    def until(self, condition):
        WebDriverWait(self.driver, SECONDS).until(lambda _: condition())

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    @property
    def complaints(self):
        """What the browser's console says."""
        return [one["message"] for one in self.driver.get_log("browser")]


@pytest.fixture
def see(stage, chromium):
    """Return what has somebody look at the page while the server goes on."""

    async def look(what, *arguments):
        return await asyncio.to_thread(what, Reader(chromium, stage.url), *arguments)

    return look


async def test_who_signs_in_sees_the_failed_calls_first_and_why(see):
    def look(page):
        page.sign_in()
        page.find(".calls")
        assert page.all("h2") == ["FAILED IN THE LAST 24 HOURS", "CALLS"]
        assert "12100" in page.all(".failed .why")[0]
        assert f"11205 {VOICE}: connection refused" in page.all(".failed .why")[1]
        assert len(page.all(".calls:not(.failed) li")) == 5
        assert page.complaints == []

    await see(look)


async def test_a_wrong_token_is_said(see):
    def look(page):
        page.sign_in(token="wrong")
        assert page.find(".wrong").text == "That is not the token."

    await see(look)


async def test_a_call_is_told_with_its_documents(see):
    def look(page):
        page.sign_in(f"/debug/calls/{CALLS[4][1]}")
        page.until(lambda: len(page.all(".story > li")) == 10)
        told = page.all(".story .line")
        assert told[0].startswith(f"POST {VOICE} 200")
        assert told[4] == "Pressed 2"
        assert told[-1].startswith("Ended by us completed")
        documents = page.all("pre")
        assert documents[0].splitlines()[1] == '  <Gather action="/menu" numDigits="1" timeout="5">'
        assert '"id": "support-queue"' in documents[1]
        page.run("document.querySelectorAll('summary')[1].click()")
        assert "CallStatus ringing" in page.all("table")[0]
        assert page.complaints == []

    await see(look)


async def test_what_a_stranger_sent_stays_text(see):
    def look(page):
        page.sign_in(f"/debug/calls/{CALLS[3][1]}")
        page.until(lambda: page.all("pre"))
        assert HOSTILE in page.find("h1").text
        assert "<script>document.title='owned'</script>" in page.find("pre").text
        assert "owned" not in page.driver.title
        with pytest.raises(NoSuchElementException):
            page.driver.find_element(By.CSS_SELECTOR, "main img, main script")
        page.driver.get(page.url + "/debug")
        page.find(".calls")
        assert HOSTILE in page.find(".failed .who").text
        assert page.complaints == []

    await see(look)


async def test_the_policy_stops_what_would_come_in_all_the_same(see):
    def look(page):
        page.sign_in()
        page.find(".calls")
        page.run("""
            const script = document.createElement('script');
            try { script.setAttribute('src', 'data:text/javascript,document.title="owned"') } catch {}
            document.body.append(script);
            try { script.text = 'document.title="owned"' } catch {}
            try { document.body.insertAdjacentHTML('beforeend', '<b id=markup>x</b>') } catch {}
        """)
        page.until(lambda: page.complaints)
        assert page.driver.title == "Calls · ari_pivot"
        assert page.all("#markup") == []

    await see(look)


async def test_calls_are_searched_and_filtered(see):
    def look(page):
        page.sign_in()
        page.find(".calls")
        page.find("input[type=search]").send_keys("front desk")
        page.until(lambda: page.all("h2") == ["FOUND"])
        assert len(page.all(".calls li")) == 1
        assert "search=front+desk" in page.driver.current_url
        page.find("input[type=search]").clear()
        page.find("input[type=search]").send_keys("nobody at all")
        page.until(lambda: page.all(".empty"))
        page.driver.get(page.url + "/debug?failed=1")
        page.until(lambda: len(page.all(".calls li")) == 3)

    await see(look)


async def test_a_live_call_appears_and_goes_by_itself(stage, see):
    def look(page):
        page.sign_in()
        page.find(".calls")
        stage.rings()
        page.until(lambda: page.all(".live") == ["Gather"])
        assert page.find(".state").text == "updating"
        stage.live.clear()
        page.until(lambda: page.all(".live") == [])

    await see(look)


async def test_what_happens_on_a_live_call_is_added_while_one_looks(stage, see):
    loop, call_id = asyncio.get_running_loop(), CALLS[0][1]

    def look(page):
        page.sign_in(f"/debug/calls/{call_id}")
        page.until(lambda: len(page.all(".story > li")) == 10)
        page.run("document.querySelectorAll('details')[1].open = true")
        more = {"event": "does", "name": "Dial"}
        loop.call_soon_threadsafe(stage.seen.debug.write, call_id, more)
        page.until(lambda: len(page.all(".story > li")) == 11)
        assert page.all(".verb .line")[-1] == "Dial"
        assert page.run("return document.querySelectorAll('details')[1].open")

    await see(look)


async def test_a_server_that_is_gone_is_said(stage, see):
    def look(page):
        page.sign_in()
        page.until(lambda: page.all(".state") == ["updating"])
        page.driver.execute_cdp_cmd("Network.enable", {})
        gone = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        page.driver.execute_cdp_cmd("Network.emulateNetworkConditions", gone)
        try:
            page.until(lambda: page.all(".state") == ["no connection"])
        finally:
            there = gone | {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
            page.driver.execute_cdp_cmd("Network.emulateNetworkConditions", there)
        page.until(lambda: page.all(".state") == ["updating"])

    await see(look)


CONTRAST = """
const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
const behind = (one) => { for (; one; one = one.parentElement) { const c = numbers(getComputedStyle(one).backgroundColor);
  if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
const faint = [];
for (const one of document.querySelectorAll('main *, .top *')) {
  if (![...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
  const [a, b] = [light(numbers(getComputedStyle(one).color)), light(behind(one))].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < 4.5) faint.push(`${one.className} ${one.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
}
return faint;
"""
UNNAMED = """
return [...document.querySelectorAll('a, button, input, summary')].filter((one) =>
  !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length)).map((one) => one.outerHTML);
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1180])
async def test_it_fits_every_screen_and_can_be_read_in_light_and_dark(stage, see, scheme, width):
    stage.rings()

    def look(page):
        page.size(width, 844, scheme)
        page.sign_in()
        for path, there in (
            ("/debug", ".live"),
            *((f"/debug/calls/{call[1]}", "pre, .story") for call in CALLS[2:]),
        ):
            page.driver.get(page.url + path)
            page.find(there)
            assert page.run("return document.documentElement.scrollWidth") <= width
            assert page.run(CONTRAST) == []
            assert page.run(UNNAMED) == []
        assert page.run("return document.querySelectorAll('h1').length") == 1

    await see(look)


async def test_nothing_comes_from_anywhere_else(stage, see):
    def look(page):
        page.sign_in(f"/debug/calls/{CALLS[4][1]}")
        page.until(lambda: page.all("pre"))
        names = page.run("return performance.getEntriesByType('resource').map((one) => one.name)")
        assert names
        assert all(name.startswith(page.url) for name in names)

    await see(look)


async def test_it_can_be_used_with_the_keyboard_alone(see):
    def look(page):
        page.sign_in()
        page.find(".calls")
        page.run("document.querySelector('.failed a').focus()")
        page.until(lambda: page.run("return document.activeElement.className") == "call")
        before = page.run("return document.activeElement.getAttribute('href')")
        page.run("return new Promise((done) => setTimeout(done, 2500))")
        assert page.run("return document.activeElement.getAttribute('href')") == before
        page.driver.switch_to.active_element.send_keys("\n")
        page.find(".story")
        assert before in page.driver.current_url

    await see(look)
