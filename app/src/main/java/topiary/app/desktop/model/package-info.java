/** What the window shows and does, without a window: view models, tested without a toolkit. */
package topiary.app.desktop.model;
