package dev.meridian.lab.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.meridian.lab.fault.Fault;
import dev.meridian.testing.browser.Axe;
import dev.meridian.testing.browser.Browsing;
import dev.meridian.testing.browser.Browsing.Look;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The lab's page in a real browser with a fake lab ([PaperLab]): its content and its accessibility.
class LabPageTest {
    private static Browsing browsing;
    private static Axe axe;
    private static PaperLab lab;
    private static LabServer server;

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        browsing = new Browsing();
        axe = new Axe();
        lab = new PaperLab();
        server = new LabServer(lab, 0);
    }

    @AfterAll
    static void close() {
        if (server != null) server.close();
        if (browsing != null) browsing.close();
    }

    @AfterEach
    void nothingForbiddenHappened() {
        var faults = List.copyOf(browsing.faults);
        browsing.faults.clear();
        browsing.leave();
        lab.heal();
        lab.isBroken = false;
        assertEquals(List.of(), faults);
    }

    private static Page visit(boolean phone, boolean dark) {
        var page = browsing.visit(new Look(true, phone, dark), server.uri().toString());
        page.navigate("/");
        assertThat(page.locator(".region.first [data-name]")).hasText("eu-west-1");
        return page;
    }

    private static void press(Page page, String name) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }

    @Test
    void aLostRegionIsSeenAndHealed() {
        var page = visit(false, false);
        press(page, "Start the clients");
        assertThat(page.locator("#load")).hasText("Stop the clients");
        press(page, "Lose the Region: us-east-1");
        assertThat(page.locator("#status")).hasText("Lose the Region: us-east-1: done.");
        var lost = page.locator(".region.second");
        assertThat(lost).hasClass(Pattern.compile(".*\\blost\\b.*"));
        assertThat(lost.locator("[data-process]")).hasText("gone");
        assertThat(page.locator(".region.first [data-share]")).hasText("100 %");
        assertThat(page.locator("[data-fault=LOSE_REGION]")).hasClass(Pattern.compile(".*\\bon\\b.*"));
        assertThat(page.locator("#events li").first()).containsText("Lose the Region us-east-1");
        assertThat(page.locator(".plot svg[role=img]").first())
                .hasAttribute("aria-label", Pattern.compile("Requests, per second: eu-west-1 [1-9].*"));
        press(page, "Heal everything");
        assertThat(lost.locator("[data-process]")).hasText("running");
    }

    @Test
    void theVerdictIsAnnounced() {
        var page = visit(false, false);
        assertThat(page.locator("#verdict")).hasAttribute("aria-live", "polite");
        press(page, "Check all promises");
        assertThat(page.locator("#verdict .stamp")).hasText("All promises hold");
        lab.isBroken = true;
        press(page, "Check all promises");
        assertThat(page.locator("#verdict .stamp")).hasText("A promise is broken");
        assertThat(page.locator("#verdict .violations li")).hasText("LIKE_LOST m-1: 3 acknowledged, 2 counted");
    }

    @Test
    void theKeyboardIsEnough() {
        var page = visit(false, false);
        page.keyboard().press("Tab");
        assertThat(page.locator(".skip")).isFocused();
        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        assertThat(page.locator("#fault-groups button").first()).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.locator("#status")).containsText("done.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark", "phone"})
    void everybodyCanUseIt(String how) {
        lab.startLoad();
        lab.inject(Fault.LOSE_REGION, "eu-west-1");
        lab.inject(Fault.SLOW_DYNAMO, "us-east-1");
        var page = visit(how.equals("phone"), how.equals("dark"));
        press(page, "Drain the Region: us-east-1");
        assertThat(page.locator(".region.second [data-health]")).hasText("drained");
        assertEquals(List.of(), axe.check(page));
        Browsing.picture(page, "lab-paper-" + how);
        page.locator("a[href$='region-lost.md']").click();
        assertThat(page.locator("h1")).hasText("A whole Region is lost");
        assertEquals(List.of(), axe.check(page));
        Browsing.picture(page, "lab-runbook-" + how);
    }
}
