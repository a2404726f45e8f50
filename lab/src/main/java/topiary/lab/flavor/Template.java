package topiary.lab.flavor;

import java.nio.file.Path;

/**
 * A data directory to copy servers from.
 *
 * @param data stopped, with accounts and without binary logs
 * @param passwords a folder with one file per account of that data directory
 */
public record Template(Path data, Path passwords) {}
