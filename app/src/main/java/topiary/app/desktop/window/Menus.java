package topiary.app.desktop.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.beans.binding.Bindings;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCombination;
import topiary.app.desktop.model.Action;
import topiary.app.desktop.model.Actions;
import topiary.app.desktop.model.Appearance;
import topiary.app.desktop.model.Group;
import topiary.app.desktop.model.Keys;
import topiary.app.desktop.model.Looks;
import topiary.app.desktop.model.Outside;

/** Menus, made from the actions. */
final class Menus {

  private Menus() {}

  /** Every action, by its group. */
  static MenuBar bar(Actions actions, Looks looks, Outside outside) {
    var menus = new ArrayList<Menu>();
    for (Group group : Group.values()) {
      if (group == Group.APPEARANCE) {
        menus.getLast().getItems().addAll(new SeparatorMenuItem(), appearance(actions, looks));
      } else {
        menus.add(menu(group, actions));
      }
    }
    told(menus, actions.outside, outside);
    var bar = new MenuBar(menus.toArray(Menu[]::new));
    bar.setMinWidth(MenuBar.USE_PREF_SIZE);
    return bar;
  }

  /** What is switched on or off has a tick. */
  private static void told(List<Menu> menus, Action action, Outside outside) {
    for (Menu menu : menus) {
      menu.getItems()
          .replaceAll(item -> action.id().equals(item.getId()) ? ticked(action, outside) : item);
    }
  }

  private static MenuItem ticked(Action action, Outside outside) {
    var item = new CheckMenuItem(action.text());
    item.setId(action.id());
    item.setGraphic(Icons.of(action.icon()));
    item.setOnAction(e -> action.run());
    outside.wanted().subscribe(item::setSelected);
    return item;
  }

  private static Menu menu(Group group, Actions actions) {
    var menu = new Menu("_" + group.title());
    menu.setId("menu-" + group.title().toLowerCase(Locale.ROOT));
    menu.getItems().addAll(items(actions.in(group)));
    return menu;
  }

  private static Menu appearance(Actions actions, Looks looks) {
    var menu = new Menu("_" + Group.APPEARANCE.title());
    var group = new ToggleGroup();
    for (Appearance appearance : Appearance.values()) {
      Action action = actions.choosing(appearance);
      var item = new RadioMenuItem(action.text());
      item.setId(action.id());
      item.setToggleGroup(group);
      item.setGraphic(Icons.of(action.icon()));
      item.setOnAction(e -> action.run());
      looks.chosen().subscribe(chosen -> item.setSelected(chosen == appearance));
      menu.getItems().add(item);
    }
    return menu;
  }

  /** What can be done with the selected server. */
  static ContextMenu context(Actions actions) {
    var context = new ContextMenu(items(actions.onServer()).toArray(MenuItem[]::new));
    context
        .getItems()
        .addAll(new SeparatorMenuItem(), menu(Group.RESHAPE, actions), menu(Group.UPKEEP, actions));
    return context;
  }

  private static List<MenuItem> items(List<Action> actions) {
    return actions.stream().map(Menus::item).toList();
  }

  private static MenuItem item(Action action) {
    var item = new MenuItem(action.text(), Icons.of(action.icon()));
    item.setId(action.id());
    action.keys().stream()
        .filter(Keys::everywhere)
        .findFirst()
        .ifPresent(key -> item.setAccelerator(KeyCombination.valueOf(key)));
    item.disableProperty().bind(Bindings.not(action.enabled()));
    item.setOnAction(e -> action.run());
    return item;
  }
}
