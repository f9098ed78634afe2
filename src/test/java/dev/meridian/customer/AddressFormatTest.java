package dev.meridian.customer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressFormatTest {
    @ParameterizedTest
    @CsvSource({
        "US, 98101, 98101",
        "US, 98101-1234, 98101-1234",
        "US, 98101 1234, 98101-1234",
        "US, 981011234, 98101-1234",
        "US, ９８１０１, 98101",
        "US, 98101–1234, 98101-1234",
        "GB, sw1a2aa, SW1A 2AA",
        "GB, SW1A-2AA, SW1A 2AA",
        "CA, k1a0b1, K1A 0B1",
        "CA, K1A-0B1, K1A 0B1",
        "JP, 1000001, 100-0001",
        "JP, 〒１００－０００１, 100-0001",
        "DE, D-80331, 80331",
        "SE, 111 22, 111 22",
        "NL, 1234ab, 1234 AB",
        "PL, 00950, 00-950",
        "LV, 1010, LV-1010",
        "BR, 01310100, 01310-100",
        "IE, d02x285, D02 X285",
        "AT, 1010, 1010",
        "AU, 2000, 2000",
        "HK, any thing, any thing",
        "IR, ۱۱۹۳۶۱۲۳۴۵, 11936-12345",
        "KY, ky11100, KY1-1100",
        "AD, 100, AD100"
    })
    void aPostalCodeIsSpelledAsTheCountryDoes(String country, String typed, String spelled) {
        assertEquals(Optional.of(spelled), AddressFormat.of(country).zip(country, typed));
    }

    @ParameterizedTest
    @CsvSource({
        "US, 1234",
        "US, 123456",
        "US, SW1A 2AA",
        "GB, 98101",
        "CA, 98101",
        "JP, 1234",
        "DE, 8033",
        "US, -",
        "GB, 0"
    })
    void otherFormsAreNone(String country, String typed) {
        assertEquals(Optional.empty(), AddressFormat.of(country).zip(country, typed));
    }

    @ParameterizedTest
    @CsvSource({
        "US, wa, WA",
        "US, Washington, WA",
        "US, W.A., WA",
        "US, 'Washington, DC', DC",
        "US, West Virginia, WV",
        "US, State of Washington, State of Washington",
        "CA, ontario, ON",
        "CA, Québec, QC",
        "AU, New South Wales, NSW",
        "JP, Tōkyō, Tokyo",
        "JP, 東京都, 東京都",
        "JP, 東京, 東京",
        "JP, Tokyo-to, Tokyo-to",
        "BR, sao paulo, SP",
        "IN, TN, Tamil Nadu",
        "IT, roma, RM",
        "GB, London, London",
        "IE, Leinster, Leinster"
    })
    void aStateIsSpelledAsTheCountryDoes(String country, String typed, String spelled) {
        assertEquals(Optional.of(spelled), AddressFormat.of(country).state(typed));
    }

    @ParameterizedTest
    @CsvSource({"US, WAX", "US, Bavaria", "US, X", "CA, XX", "AU, XYZ", "JP, Bayern", "US, ...", "US, ' '"})
    void otherStatesAreNone(String country, String typed) {
        assertEquals(Optional.empty(), AddressFormat.of(country).state(typed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"US", " gb ", "Jp"})
    void countriesAreCodes(String typed) {
        assertEquals(Optional.of(typed.strip().toUpperCase(Locale.ROOT)), AddressFormat.country(typed));
        assertEquals(Optional.empty(), AddressFormat.country(typed.strip() + "X"));
    }
}
