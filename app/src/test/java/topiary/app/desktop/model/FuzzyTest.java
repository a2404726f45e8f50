package topiary.app.desktop.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How well a text fits what was typed. */
class FuzzyTest {

  private static int score(String typed, String text) {
    return new Fuzzy(typed).score(text);
  }

  private static void better(String typed, String first, String second) {
    int one = score(typed, first);
    int two = score(typed, second);
    assertTrue(one > two, typed + ": " + first + " " + one + ", " + second + " " + two);
  }

  @Test
  void beginningsAreBetterThanWordsThanMiddles() {
    better("db", "db1:3306", "my-db:3306");
    better("db", "my-db:3306", "mydb:3306");
    better("db", "mydb:3306", "dumb:3306");
    better("ew1", "eu-west-1", "eastward-21");
  }

  @Test
  void lettersCountInOrder() {
    assertTrue(score("euw2", "eu-west-2:3306") > 0);
    assertEquals(Fuzzy.NONE, score("2weu", "eu-west-2:3306"));
    assertEquals(Fuzzy.NONE, score("est2", "eu-west2".substring(0, 3)));
    assertEquals(Fuzzy.NONE, score("uwt", "eu-west"), "the first letter begins a word");
  }

  @Test
  void everyWordMustBeThere() {
    assertTrue(score("west eu", "eu-west-1") > 0);
    assertEquals(Fuzzy.NONE, score("west us", "eu-west-1"));
    assertTrue(new Fuzzy("  ").empty());
  }
}
