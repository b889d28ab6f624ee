package dev.salvor.common.format.pickle;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Which imports of a pickle are torch's own, which are dangerous, and which are merely to be
/// reported. Block lists keep losing: a name that is not on any list is reported, never trusted.
public final class PickleImports {
  /// torch's weights_only defaults (torch/_weights_only_unpickler.py), functions and classes.
  private static final Set<String> ALLOWED =
      Set.of(
          "collections.OrderedDict",
          "collections.Counter",
          "torch.nn.parameter.Parameter",
          "torch.serialization._get_layout",
          "torch.Size",
          "torch.Tensor",
          "torch.device",
          "_codecs.encode",
          "builtins.bytearray",
          "builtins.set",
          "builtins.complex",
          "torch.storage.TypedStorage",
          "torch.storage.UntypedStorage",
          "torch._tensor._rebuild_from_type_v2",
          "torch.per_tensor_affine",
          "torch.per_tensor_symmetric",
          "torch.per_channel_affine",
          "torch.per_channel_symmetric",
          "torch.per_channel_affine_float_qparams");

  private static final Pattern ALLOWED_SHAPES =
      Pattern.compile(
          "torch\\._utils\\._rebuild_(parameter|parameter_with_state|qtensor|tensor|tensor_v2"
              + "|tensor_v3|sparse_tensor|meta_tensor_no_storage|wrapper_subclass"
              + "|device_tensor_from_numpy|device_tensor_from_cpu_tensor)"
              + "|torch\\.(cuda\\.|sparse\\.|cuda\\.sparse\\.)?[A-Z][A-Za-z0-9]*(Tensor|Storage)"
              + "|torch\\.(float|double|half|bfloat|int|uint|long|short|complex|cfloat|cdouble|bool"
              + "|qint|quint|bits|float4|float8)[0-9a-z_]*");

  /// Packages that run, load or reach out; everything below them too.
  private static final Set<String> BLOCKED =
      Set.copyOf(
          List.of(
              ("os posix nt ntpath posixpath sys subprocess _posixsubprocess socket _socket"
                   + " socketserver ssl _ssl select selectors shutil runpy pickle _pickle pip pty"
                   + " pdb bdb ctypes _ctypes asyncio multiprocessing threading _thread concurrent"
                   + " commands popen2 code codeop importlib imp _imp _frozen_importlib"
                   + " _frozen_importlib_external marshal cProfile profile _lsprof trace timeit"
                   + " idlelib lib2to3 distutils setuptools pkg_resources ensurepip pydoc doctest"
                   + " _aix_support _osx_support _pyrepl cloudpickle dill webbrowser requests"
                   + " aiohttp httpx urllib urllib2 urllib3 http httplib ftplib smtplib poplib"
                   + " imaplib nntplib telnetlib xmlrpc paramiko pexpect pipes tempfile platform"
                   + " linecache fileinput filecmp difflib glob zipimport zipfile tarfile venv site"
                   + " sysconfig pkgutil modulefinder py_compile compileall _interpreters"
                   + " _xxsubinterpreters _testcapi _testinternalcapi signal _signal atexit inspect"
                   + " ast symtable gc antigravity turtle tkinter sqlite3 _sqlite3 dbm mmap"
                   + " faulthandler syslog unittest test.support test.libregrtest pytest nose"
                   + " pathlib2 jsonpickle shelve rlcompleter readline smtpd wsgiref cgi cgitb"
                   + " crypt fcntl termios tty curses numpy.f2py numpy.distutils numpy.testing"
                   + " numpy.ctypeslib torch.hub torch.utils.bottleneck torch.utils.collect_env"
                   + " torch.utils._config_module torch.utils.cpp_extension"
                   + " torch.utils.data.datapipes torch._dynamo torch._inductor"
                   + " torch.fx.experimental torch.jit.unsupported_tensor_ops torch.multiprocessing"
                   + " torch.distributed.rpc torch.package torch.utils.model_dump"
                   + " torch.utils.benchmark pandas.io.pickle joblib unknown")
                  .split("\\s+")));

  /// What a pickle may take from Python's builtins: types and functions that only compute.
  private static final Set<String> PLAIN_BUILTINS =
      Set.copyOf(
          List.of(
              ("bool int long float complex str unicode basestring bytes bytearray buffer list"
                   + " tuple set slice frozenset dict object range xrange slice type NotImplemented"
                   + " Ellipsis None True False len abs sum min max round pow divmod sorted"
                   + " reversed enumerate zip iter next all any hash repr ascii bin hex oct ord chr"
                   + " property staticmethod classmethod")
                  .split("\\s+")));

  /// joblib's own wrapper of arrays, which every joblib dump imports; the rest of joblib loads
  /// files.
  private static final Set<String> ARRAY_WRAPPERS =
      Set.of(
          "joblib.numpy_pickle.NumpyArrayWrapper",
          "joblib.numpy_pickle.NDArrayWrapper",
          "joblib.numpy_pickle.ZNDArrayWrapper",
          "joblib.numpy_pickle_compat.NDArrayWrapper",
          "joblib.numpy_pickle_compat.ZNDArrayWrapper",
          "sklearn.externals.joblib.numpy_pickle.NumpyArrayWrapper");

  private static final List<Pattern> BLOCKED_NAMES =
      List.of(
          Pattern.compile("_?operator\\.(attrgetter|itemgetter|methodcaller)"),
          // partial only binds: what it binds is an import of its own.
          Pattern.compile("_?functools\\.(reduce|singledispatch.*|cached_property)"),
          Pattern.compile("torch\\.(serialization\\.)?(load|save)(\\..*)?"),
          Pattern.compile("torch\\.jit\\.(load|script|_script.*)"),
          Pattern.compile("types\\.(FunctionType|CodeType|LambdaType|MethodType)"),
          Pattern.compile("_?io\\.(FileIO|open|open_code|OpenWrapper|TextIOWrapper)"),
          Pattern.compile("logging\\.(.*Handler|config.*|handlers.*|basicConfig)"),
          Pattern.compile("uuid\\._.*"),
          Pattern.compile("numpy\\.(load|loads|save|fromfile|memmap|lib\\.npyio\\..*)"),
          Pattern.compile(
              ".*\\.__(globals|builtins|subclasses|code|dict|import|class|mro|base)__.*"));

  private static final Pattern EXCEPTION =
      Pattern.compile("[A-Z][A-Za-z]*(Error|Exception|Warning|Interrupt|Exit|Iteration)");

  private PickleImports() {}

  /// "module.name" with Python 2's names as Python 3 has them (Lib/_compat_pickle.py, the part that
  /// pickles of data or attacks use).
  static String modern(String module, String name) {
    String full = module + "." + name;
    return switch (full) {
      case "__builtin__.xrange" -> "builtins.range";
      case "__builtin__.unicode" -> "builtins.str";
      case "__builtin__.long" -> "builtins.int";
      case "__builtin__.reduce" -> "functools.reduce";
      case "itertools.izip" -> "builtins.zip";
      default -> modern(module) + "." + name;
    };
  }

  private static String modern(String module) {
    return switch (module) {
      case "__builtin__", "__builtins__" -> "builtins";
      case "copy_reg" -> "copyreg";
      case "cPickle" -> "pickle";
      case "commands" -> "subprocess";
      case "thread" -> "_thread";
      default -> module;
    };
  }

  public static boolean isAllowed(String name) {
    return ALLOWED.contains(name) || ALLOWED_SHAPES.matcher(name).matches();
  }

  public static boolean isDangerous(String name) {
    if (isAllowed(name) || ARRAY_WRAPPERS.contains(name)) {
      return false;
    }
    if (name.startsWith("builtins.")) {
      String builtin = name.substring("builtins.".length());
      return !PLAIN_BUILTINS.contains(builtin) && !EXCEPTION.matcher(builtin).matches();
    }
    for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
      if (BLOCKED.contains(name.substring(0, dot))) {
        return true;
      }
    }
    return BLOCKED_NAMES.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
