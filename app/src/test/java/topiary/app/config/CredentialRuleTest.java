package topiary.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialRuleTest {

  @ParameterizedTest
  @CsvSource({
    "*, db1:3306, true",
    "db1:3306, db1:3306, true",
    "db1:3306, db1:33060, false",
    "db1:3306, xdb1:3306, false",
    "DB1:*, db1:3306, true",
    "db?:3306, db1:3306, true",
    "db?:3306, db12:3306, false",
    "db?:3306, db:3306, false",
    "*.eu.example:*, a.b.eu.example:3306, true",
    "*.eu.example:*, a.b.euxexample:3306, false",
    "db[12]:*, db1:3306, false",
    "db.1:*, dbx1:3306, false",
    "'\\E.*\\Q', db1:3306, false",
    "'(', db1:3306, false",
    "'', db1:3306, false"
  })
  void onlyStarsAndQuestionMarksAreSpecial(String match, String address, boolean fits) {
    var rule = new CredentialRule(match, "u", new CredentialRule.Source.InEnvironment("P"));
    assertEquals(fits, rule.fits(address));
  }
}
